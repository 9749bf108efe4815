/** Asked right before what one may lose the right to do. @throws when it is lost */
export type Fence = () => void;
